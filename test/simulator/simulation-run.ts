import { Simulation } from "../../src/simulator/simulation.ts";
import type { SimulationOptions } from "../../src/simulator/simulation.ts";
import type { AccountEvent } from "../../src/simulator/engine/account-event.ts";
import type { TapeTrade } from "../../src/simulator/engine/order.ts";
import { Schedule } from "../../src/simulator/schedule.ts";
import { StreamHub } from "../../src/simulator/streams/hub.ts";
import type { SwitchSettings } from "../../src/simulator/switches.ts";
import { Switches } from "../../src/simulator/switches.ts";
import { START } from "./small-exchange.ts";

/** A simulation on a clock that only moves when told to. */
export function runSimulation(
  options: Partial<Pick<SimulationOptions, "seed" | "symbolCount" | "replay">> & {
    readonly switches?: SwitchSettings;
  } = {},
) {
  let now = START;
  let hub: StreamHub | undefined;
  const tape: { readonly symbol: string; readonly trade: TapeTrade }[] = [];
  const events: AccountEvent[] = [];
  const simulation = new Simulation({
    seed: options.seed ?? 7,
    symbolCount: options.symbolCount ?? 4,
    replay: options.replay,
    startTime: START,
    now: () => now,
    onTrade: (market, trade) => {
      tape.push({ symbol: market.symbol, trade });
      hub?.onTrade(market.symbol, trade);
    },
    onLevel: (symbol, side, price, total) => hub?.onLevel(symbol, side, price, total),
    onAccountEvents: (batch) => {
      events.push(...batch);
      hub?.onAccountEvents(batch);
    },
  });
  const schedule = new Schedule(() => now);
  const switches = new Switches(options.switches);
  const opened = new StreamHub({ exchange: simulation.exchange, now: () => now, schedule, switches });
  hub = opened;
  return {
    simulation,
    exchange: simulation.exchange,
    hub: opened,
    switches,
    tape,
    events,
    now: () => now,
    /** Lets time pass in ticks of 50 ms. */
    pass: (ms: number) => {
      const end = now + ms;
      while (now < end) {
        now = Math.min(end, now + 50);
        simulation.step(now);
        schedule.runDue();
        opened.flush(now);
      }
    },
  };
}
