import type { Market } from "../../engine/market.ts";
import { contractAddressOf, depositAddressOf } from "../../market/coin-facts.ts";
import { parameterError } from "../../engine/refusal.ts";
import type { Call, SignedCall, SignedEndpoint } from "../endpoint.ts";

interface Network {
  /** The old label, as deposit calls take it. */
  readonly network: string;
  /** The id, as withdrawals take it. */
  readonly netWork: string;
}

const BEP20: Network = { network: "BEP20(BSC)", netWork: "BSC" };
const OWN_CHAINS: Readonly<Record<string, Network>> = {
  BTC: { network: "Bitcoin(BTC)", netWork: "BTC" },
  ETH: { network: "Ethereum(ERC20)", netWork: "ETH" },
  SOL: { network: "Solana(SOL)", netWork: "SOL" },
  USDT: { network: "Tron(TRC20)", netWork: "TRX" },
};

/** Every coin with its networks. Each has a network in both spellings. */
export const coinConfig: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/capital/config/getall",
  weight: 10,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ exchange }) => coinsOf(exchange.markets.values()).map(([coin, name]) => coinView(coin, name)),
};

const addressPath = "/api/v3/capital/deposit/address";

export const depositAddresses: SignedEndpoint = {
  method: "GET",
  path: addressPath,
  weight: 10,
  access: "SPOT_ACCOUNT_READ",
  handle: addressesOf,
};

/** Makes an address; here every network has one already. */
export const createDepositAddress: SignedEndpoint = {
  method: "POST",
  path: addressPath,
  weight: 1,
  access: "SPOT_ACCOUNT_WRITE",
  handle: addressesOf,
};

/** Nobody can withdraw, so nobody has an address to withdraw to. */
export const withdrawAddresses: SignedEndpoint = {
  method: "GET",
  path: "/api/v3/capital/withdraw/address",
  weight: 10,
  access: "SPOT_ACCOUNT_READ",
  handle: ({ parameters }) => ({ data: [], totalRecords: 0, page: parameters.whole("page") ?? 1, totalPageNum: 0 }),
};

/** The network deposits of a coin usually come over. */
export function usualNetworkOf(coin: string): string {
  return (networksOf(coin)[0] ?? BEP20).network;
}

export function knowsCoin({ exchange }: Call, coin: string): boolean {
  return coinsOf(exchange.markets.values()).some(([known]) => known === coin);
}

function addressesOf(call: SignedCall): unknown {
  const { parameters, account } = call;
  const coin = parameters.required("coin");
  if (!knowsCoin(call, coin)) throw parameterError("coin");
  const wanted = parameters.text("network");
  const networks = networksOf(coin).filter(
    ({ network, netWork }) => wanted === undefined || wanted === network || wanted === netWork,
  );
  if (networks.length === 0) throw parameterError("network");
  return networks.map(({ network }) => ({
    coin,
    network,
    address: depositAddressOf(account, coin, network),
    memo: null,
  }));
}

function coinsOf(markets: Iterable<Market>): readonly (readonly [coin: string, name: string])[] {
  const names = new Map<string, string>();
  for (const { instrument } of markets) {
    names.set(instrument.baseAsset, instrument.fullName);
    if (!names.has(instrument.quoteAsset)) names.set(instrument.quoteAsset, instrument.quoteAsset);
  }
  return [...names];
}

function networksOf(coin: string): readonly Network[] {
  const own = OWN_CHAINS[coin];
  return own === undefined ? [BEP20] : [own, BEP20];
}

function coinView(coin: string, name: string): Readonly<Record<string, unknown>> {
  return {
    coin,
    name,
    Name: name,
    networkList: networksOf(coin).map(({ network, netWork }) => ({
      coin,
      name,
      network,
      netWork,
      contract: contractAddressOf(coin),
      depositEnable: true,
      withdrawEnable: false,
      minConfirm: 12,
      withdrawFee: "0",
      withdrawMin: "0",
      withdrawMax: "0",
      withdrawIntegerMultiple: null,
      sameAddress: false,
      withdrawTips: "Withdrawals are closed on the simulated exchange.",
      depositTips: null,
      depositDesc: null,
      depositPreConfirms: 6,
    })),
  };
}
