CREATE TABLE `sync_conflicts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`tbl` text NOT NULL,
	`pk` text NOT NULL,
	`row` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `journal_sequence`;--> statement-breakpoint
DROP INDEX `journal_order`;--> statement-breakpoint
ALTER TABLE `journal` ADD `chain` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `journal_order` ON `journal` (`account_id`,`client_order_id`) WHERE "journal"."client_order_id" is not null;--> statement-breakpoint
DROP INDEX `orders_order_id`;--> statement-breakpoint
CREATE INDEX `orders_order_id` ON `orders` (`account_id`,`order_id`) WHERE "orders"."order_id" is not null;