CREATE TABLE `fills` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`trade_id` text NOT NULL,
	`order_id` text NOT NULL,
	`client_order_id` text,
	`symbol` text NOT NULL,
	`side` text NOT NULL,
	`price` text NOT NULL,
	`quantity` text NOT NULL,
	`notional` text NOT NULL,
	`fee_asset` text NOT NULL,
	`fee_quantity` text NOT NULL,
	`liquidity` text NOT NULL,
	`at` integer NOT NULL,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `fills_at` ON `fills` (`account_id`,`at`);--> statement-breakpoint
CREATE INDEX `fills_order_id` ON `fills` (`account_id`,`order_id`);--> statement-breakpoint
CREATE TABLE `intents` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`client_order_id` text NOT NULL,
	`symbol` text NOT NULL,
	`side` text NOT NULL,
	`type` text NOT NULL,
	`size_kind` text NOT NULL,
	`size_quantity` text,
	`size_notional` text,
	`limit_price` text,
	`seen_price` text,
	`seen_at` integer,
	`at` integer NOT NULL,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `journal` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`device_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`at` integer NOT NULL,
	`type` text NOT NULL,
	`client_order_id` text,
	`event` text NOT NULL,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `journal_sequence` ON `journal` (`account_id`,`device_id`,`sequence`);--> statement-breakpoint
CREATE INDEX `journal_order` ON `journal` (`account_id`,`client_order_id`);--> statement-breakpoint
CREATE TABLE `orders` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`client_order_id` text NOT NULL,
	`order_id` text,
	`symbol` text NOT NULL,
	`side` text NOT NULL,
	`type` text NOT NULL,
	`size_kind` text NOT NULL,
	`size_quantity` text,
	`size_notional` text,
	`limit_price` text,
	`state` text NOT NULL,
	`evidence_rank` integer NOT NULL,
	`filled_quantity` text NOT NULL,
	`filled_notional` text NOT NULL,
	`reported_quantity` text NOT NULL,
	`reported_notional` text NOT NULL,
	`origin` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`cancel_requested_at` integer,
	`reason_code` text,
	`reason_message` text,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `orders_created` ON `orders` (`account_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `orders_order_id` ON `orders` (`account_id`,`order_id`);--> statement-breakpoint
CREATE INDEX `orders_state` ON `orders` (`account_id`,`state`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stops` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`protection_id` text NOT NULL,
	`symbol` text NOT NULL,
	`quantity` text NOT NULL,
	`trigger_price` text NOT NULL,
	`state` text NOT NULL,
	`exit_order_id` text,
	`updated_at` integer NOT NULL,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sync_dirty` (
	`tbl` text NOT NULL,
	`pk` text NOT NULL,
	`hlc` text NOT NULL,
	PRIMARY KEY(`tbl`, `pk`)
);
--> statement-breakpoint
CREATE TABLE `sync_state` (
	`k` text PRIMARY KEY NOT NULL,
	`v` text NOT NULL
);
