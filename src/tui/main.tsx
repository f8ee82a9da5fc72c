import type { ReactNode } from "react";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { App } from "../app/app.ts";
import { EXIT_CODES } from "../core/domain/errors.ts";
import { colorDepthOf } from "./canvas/style.ts";
import { createKeyDecoder } from "./input/key-decoder.ts";
import { createMarketController } from "./screens/market/controller.ts";
import type { MarketController } from "./screens/market/controller.ts";
import { noticeNow } from "./screens/market/notice.ts";
import { createQuoteRefresh } from "./screens/market/quote-refresh.ts";
import { MarketScreen } from "./screens/market/market-screen.tsx";
import type { TerminalOutput } from "./terminal/mount-screen.tsx";
import { mountScreen } from "./terminal/mount-screen.tsx";
import type { InputLike, ProcessLike } from "./terminal/terminal-guard.ts";
import { guardTerminal } from "./terminal/terminal-guard.ts";
import type { Theme } from "./theme/theme.ts";
import { COLOR_BLIND_SAFE, DARK } from "./theme/theme.ts";

/** The terminal a screen runs on, handed in by the command. */
export interface Terminal {
  readonly stdin: InputLike & {
    on(event: "data", listener: (bytes: Buffer) => void): unknown;
    off(event: "data", listener: (bytes: Buffer) => void): unknown;
  };
  readonly stdout: TerminalOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly process: ProcessLike;
  /** Plain ASCII instead of box and block characters. */
  readonly ascii?: boolean;
  readonly theme?: "dark" | "color-blind";
}

const SIGNAL_EXITS: Readonly<Record<string, number>> = {
  SIGHUP: 129,
  SIGINT: EXIT_CODES.interrupted,
  SIGQUIT: 131,
  SIGTERM: 143,
};
/** Ages and the clock move although nothing arrives. */
const TICK_MS = 1_000;
const TICKET_REFRESH_MS = 250;
const BELL = "\u0007";

const schedule = (run: () => void, waitMs: number) => {
  const timer = setTimeout(run, waitMs);
  return () => {
    clearTimeout(timer);
  };
};

/** The screen follows in the next turn of the loop: what a key has set going, an order above all, leaves first. */
const afterWork = (run: () => void) => {
  setImmediate(run);
};

/**
 * Runs the full-screen console until the trader leaves. The terminal is given back on every way out.
 * @returns the exit code. @throws whatever fault ended it, after the terminal is back.
 */
export async function runTui(app: App, terminal: Terminal): Promise<number> {
  const { stdin, stdout } = terminal;
  const ended = Promise.withResolvers<number>();
  const session = new AbortController();
  let screen: ReturnType<typeof mountScreen> | undefined;

  const controller = createMarketController({
    app,
    leave: () => {
      ended.resolve(EXIT_CODES.ok);
    },
    redraw: () => screen?.compositor.repaint(),
    ring: () => {
      stdout.write(BELL);
    },
  });
  const quotes = createQuoteRefresh(app, session.signal);
  const refreshQuote = () => {
    if (controller.ui.ticket !== undefined) quotes.look(controller.ui.ticket.side);
  };
  const decoder = createKeyDecoder((event) => {
    if (event.kind === "key" && event.chord === "ctrl-z") guard.suspend();
    else controller.handle(event);
    afterWork(() => {
      refreshQuote();
      screen?.compositor.paintNow();
    });
  }, schedule);
  const onData = (bytes: Buffer) => {
    decoder.push(bytes);
  };

  const guard = guardTerminal({
    stdin,
    stdout,
    process: terminal.process,
    onEnd: (why) => {
      if ("signal" in why) ended.resolve(SIGNAL_EXITS[why.signal] ?? EXIT_CODES.failure);
      else ended.reject(why.fault);
    },
    onSuspend: () => screen?.compositor.hold(true),
    onResume: () => screen?.compositor.hold(false),
    schedule,
  });
  stdin.on("data", onData);
  const theme: Theme = terminal.theme === "color-blind" ? COLOR_BLIND_SAFE : DARK;
  const ascii = terminal.ascii ?? false;
  screen = mountScreen({
    stdout,
    depth: colorDepthOf(terminal.env),
    schedule,
    onFault: ended.reject,
    node: <Root app={app} controller={controller} theme={theme} ascii={ascii} stdout={stdout} />,
  });
  const unsubscribe = app.store.subscribe(() => {
    const { market, instruments } = app.store.getState();
    // The markets may come late, when the exchange could not be reached at first.
    if (market.selected === undefined && instruments.bySymbol.size > 0) controller.restoreSelection();
    controller.watchlist.refresh();
    controller.look();
    screen.compositor.request();
  });
  const tick = setInterval(() => {
    refreshQuote();
    screen.compositor.request();
  }, TICK_MS);

  try {
    app.startSession(session.signal).catch((fault: unknown) => {
      ended.reject(fault);
    });
    return await ended.promise;
  } finally {
    clearInterval(tick);
    unsubscribe();
    decoder.close();
    stdin.off("data", onData);
    screen.unmount();
    guard.restore();
    session.abort();
  }
}

interface RootProps {
  readonly app: App;
  readonly controller: MarketController;
  readonly theme: Theme;
  readonly ascii: boolean;
  readonly stdout: TerminalOutput;
}

function Root({ app, controller, theme, ascii, stdout }: RootProps): ReactNode {
  const ui = useSyncExternalStore(
    useCallback((changed: () => void) => controller.subscribe(() => afterWork(changed)), [controller]),
    () => controller.ui,
  );
  const notice = useSyncExternalStore(
    useCallback((changed: () => void) => onStoreOrTick(app, changed), [app]),
    () => noticeNow(app.store.getState(), ui, app.now()),
  );
  const positions = useSyncExternalStore(
    useCallback((changed: () => void) => onStoreOrTick(app, () => afterWork(changed)), [app]),
    () => controller.standing().positions.length,
  );
  const [size, setSize] = useState(() => sizeOf(stdout));
  useTicketRefresh(ui.ticket?.stage.kind === "editing");
  useEffect(() => {
    const onResize = () => {
      setSize(sizeOf(stdout));
    };
    stdout.on("resize", onResize);
    return () => {
      stdout.off("resize", onResize);
    };
  }, [stdout]);
  return (
    <MarketScreen
      app={app}
      controller={controller}
      ui={ui}
      notice={notice}
      positions={positions}
      theme={theme}
      ascii={ascii}
      {...size}
    />
  );
}

/** Notices come with the store and go with the time. */
function onStoreOrTick(app: App, changed: () => void): () => void {
  const unsubscribe = app.store.subscribe(changed);
  const timer = setInterval(changed, TICK_MS);
  return () => {
    unsubscribe();
    clearInterval(timer);
  };
}

/** An open ticket shows what the order would cost now, so it is drawn again while prices move. */
function useTicketRefresh(open: boolean): void {
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!open) return undefined;
    const timer = setInterval(() => {
      redraw((count) => count + 1);
    }, TICKET_REFRESH_MS);
    return () => {
      clearInterval(timer);
    };
  }, [open]);
}

function sizeOf(stdout: TerminalOutput): { readonly columns: number; readonly rows: number } {
  return { columns: Math.max(1, stdout.columns ?? 80), rows: Math.max(1, stdout.rows ?? 24) };
}
