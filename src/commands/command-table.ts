import { marketBook } from "./market/book.ts";
import { marketCandles } from "./market/candles.ts";
import { marketLs } from "./market/ls.ts";
import { marketShow } from "./market/show.ts";
import { marketTrades } from "./market/trades.ts";
import { marketWatch } from "./market/watch.ts";
import { orderAdopt } from "./order/adopt.ts";
import { orderWriteOff } from "./order/write-off.ts";
import { orderCancel } from "./order/cancel.ts";
import { orderCancelAll } from "./order/cancel-all.ts";
import { orderLs } from "./order/ls.ts";
import { orderPlace } from "./order/place.ts";
import { orderShow } from "./order/show.ts";
import { orderTest } from "./order/test.ts";
import { dbMigrate } from "./db/migrate.ts";
import { dbStatus } from "./db/status.ts";
import { journalExport } from "./journal/export.ts";
import { journalLs } from "./journal/ls.ts";
import { journalVerify } from "./journal/verify.ts";
import { panicCommand } from "./panic/panic.ts";
import { tradingHalt } from "./trading/halt.ts";
import { tradingReduce } from "./trading/reduce.ts";
import { tradingResume } from "./trading/resume.ts";
import { tradingStatus } from "./trading/status.ts";
import { guardAnswer } from "./guard/answer.ts";
import { guardRun } from "./guard/run.ts";
import { guardStatusCommand } from "./guard/status.ts";
import { guardStop } from "./guard/stop.ts";
import { guardTakeOver } from "./guard/take-over.ts";
import { dbCutover } from "./db/cutover.ts";
import { dbShadow } from "./db/shadow.ts";
import { syncConflicts } from "./sync/conflicts.ts";
import { syncNow } from "./sync/now.ts";
import { syncStatus } from "./sync/status.ts";
import { positionClose } from "./position/close.ts";
import { positionProtect } from "./position/protect.ts";
import { positionUnprotect } from "./position/unprotect.ts";
import { portfolioHistory } from "./portfolio/history.ts";
import { portfolioPnl } from "./portfolio/pnl.ts";
import { portfolioShow } from "./portfolio/show.ts";
import { positionLs } from "./position/ls.ts";
import { positionShow } from "./position/show.ts";
import { keysCheck } from "./keys/check.ts";
import { backupCreate } from "./backup/create.ts";
import { backupLs } from "./backup/ls.ts";
import { backupPrune } from "./backup/prune.ts";
import { backupRestore } from "./backup/restore.ts";
import { backupSchedule } from "./backup/schedule.ts";
import { backupShow } from "./backup/show.ts";
import { backupVerify } from "./backup/verify.ts";
import { demo } from "./demo/demo.ts";
import { doctor } from "./doctor/doctor.ts";
import { reconcile } from "./reconcile/reconcile.ts";
import type { CommandTree } from "./parse/parse-line.ts";
import { simServe } from "./sim/serve.ts";
import { tui } from "./tui.ts";

/** Every command there is: one line each. */
export const COMMANDS: Omit<CommandTree, "version"> = {
  summary: "The terminal trading console for the MEXC spot exchange.",
  bare: "tui",
  nouns: {
    market: "Look at markets: rules, prices, books, trades and candles.",
    order: "Place, test, cancel and look at orders.",
    trading: "Whether orders may leave: look, resume, reduce, halt.",
    guard: "Who watches over stops and targets, and acts on them.",
    position: "What is held in each market, what it cost, and what guards it.",
    portfolio: "What the account is worth, how it went, and whether it adds up.",
    db: "The database: its state, its schema, and what it is held against.",
    journal: "What was done and seen: list it, export it, prove it.",
    keys: "The API key of a profile.",
    backup: "Copies of the database that are proved to restore.",
    sync: "This machine and your others, by way of Turso.",
    sim: "The simulated exchange.",
  },
  commands: [
    tui,
    demo,
    marketLs,
    marketShow,
    marketBook,
    marketTrades,
    marketCandles,
    marketWatch,
    orderPlace,
    orderTest,
    orderCancel,
    orderCancelAll,
    orderAdopt,
    orderWriteOff,
    orderLs,
    orderShow,
    positionProtect,
    positionUnprotect,
    positionClose,
    dbStatus,
    dbMigrate,
    journalLs,
    journalExport,
    journalVerify,
    reconcile,
    tradingStatus,
    tradingResume,
    tradingReduce,
    tradingHalt,
    panicCommand,
    guardRun,
    guardStatusCommand,
    guardAnswer,
    guardStop,
    guardTakeOver,
    positionLs,
    positionShow,
    portfolioShow,
    portfolioHistory,
    portfolioPnl,
    keysCheck,
    backupCreate,
    backupLs,
    backupShow,
    backupVerify,
    backupRestore,
    backupPrune,
    backupSchedule,
    dbShadow,
    dbCutover,
    syncNow,
    syncStatus,
    syncConflicts,
    simServe,
    doctor,
  ],
};
