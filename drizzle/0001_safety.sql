CREATE TABLE `archive_ranges` (
	`account_id` text NOT NULL,
	`symbol` text NOT NULL,
	`kind` text NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer NOT NULL,
	PRIMARY KEY(`account_id`, `symbol`, `kind`, `from_at`)
);
--> statement-breakpoint
CREATE TABLE `equity_samples` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`at` integer NOT NULL,
	`quote` text NOT NULL,
	`known` text NOT NULL,
	`unknown` text NOT NULL,
	`totals` text,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `equity_at` ON `equity_samples` (`account_id`,`at`);--> statement-breakpoint
CREATE TABLE `guard_lease` (
	`account_id` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`pid` integer NOT NULL,
	`host` text NOT NULL,
	`token` integer NOT NULL,
	`acquired_at` integer NOT NULL,
	`heartbeat_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `protections` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`protection_id` text NOT NULL,
	`symbol` text NOT NULL,
	`state` text NOT NULL,
	`version` integer NOT NULL,
	`record` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `protections_state` ON `protections` (`account_id`,`state`);--> statement-breakpoint
CREATE TABLE `trading_states` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`kind` text NOT NULL,
	`reason` text NOT NULL,
	`by` text NOT NULL,
	`evidence` text NOT NULL,
	`updated_at` integer NOT NULL,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `transfers` (
	`key` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`mode` text NOT NULL,
	`transfer_id` text NOT NULL,
	`kind` text NOT NULL,
	`asset` text NOT NULL,
	`quantity` text NOT NULL,
	`state` text NOT NULL,
	`at` integer NOT NULL,
	`pending_until` integer,
	`worth` text,
	`worth_quote` text,
	`_hlc` text NOT NULL,
	`_del` integer DEFAULT 0 NOT NULL,
	`_h` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `transfers_at` ON `transfers` (`account_id`,`at`);--> statement-breakpoint
CREATE INDEX `fills_symbol` ON `fills` (`account_id`,`symbol`,`at`);--> statement-breakpoint
CREATE INDEX `orders_updated` ON `orders` (`account_id`,`updated_at`);--> statement-breakpoint
CREATE INDEX `orders_lacking_fills` ON `orders` (`account_id`) WHERE "orders"."reported_quantity" <> "orders"."filled_quantity";