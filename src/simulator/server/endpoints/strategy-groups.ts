import { missingParameter } from "../../engine/refusal.ts";
import type { StrategyGroup } from "../../engine/strategy-groups.ts";
import { uidOf } from "../../engine/uid.ts";
import type { SignedCall, SignedEndpoint } from "../endpoint.ts";

const path = "/api/v3/strategy/group";
const uidPath = `${path}/uid`;

export const createGroup: SignedEndpoint = {
  method: "POST",
  path,
  weight: 20,
  access: "SPOT_ACCOUNT_WRITE",
  handle: (call) => {
    const name = call.parameters.required("tradeGroupName");
    return envelope(call, groupView(call.exchange.groups.create(call.account, name, call.serverTime)));
  },
};

export const listGroups: SignedEndpoint = {
  method: "GET",
  path,
  weight: 20,
  access: "SPOT_ACCOUNT_READ",
  handle: (call) => {
    const name = call.parameters.text("tradeGroupName");
    const groups = call.exchange.groups.list(call.account).filter((group) => (name ?? group.name) === group.name);
    return envelope(
      call,
      groups.map((group) => ({ ...groupView(group), tradeGroupUid: uidsOf(group).join(",") })),
    );
  },
};

export const deleteGroup: SignedEndpoint = {
  method: "DELETE",
  path,
  weight: 20,
  access: "SPOT_ACCOUNT_WRITE",
  handle: (call) => {
    call.exchange.groups.remove(call.account, call.parameters.required("tradeGroupId"));
    return envelope(call, true);
  },
};

export const addGroupUids: SignedEndpoint = {
  method: "POST",
  path: uidPath,
  weight: 20,
  access: "SPOT_ACCOUNT_WRITE",
  handle: (call) => {
    const { exchange, account, serverTime } = call;
    return envelope(call, groupView(exchange.groups.addUids(account, groupIdOf(call), wantedUids(call), serverTime)));
  },
};

export const removeGroupUids: SignedEndpoint = {
  method: "DELETE",
  path: uidPath,
  weight: 20,
  access: "SPOT_ACCOUNT_WRITE",
  handle: (call) => {
    call.exchange.groups.removeUids(call.account, groupIdOf(call), wantedUids(call), call.serverTime);
    return envelope(call, true);
  },
};

/** The documentation's own example misspells it, so both spellings are taken. */
function groupIdOf({ parameters }: SignedCall): string {
  const id = parameters.text("tradeGroupId") ?? parameters.text("ttradeGroupId");
  if (id === undefined) throw missingParameter("tradeGroupId");
  return id;
}

function wantedUids({ parameters }: SignedCall): readonly string[] {
  return parameters.required("uid").split(",");
}

function uidsOf(group: StrategyGroup): readonly string[] {
  return [uidOf(group.account), ...group.uids];
}

function groupView(group: StrategyGroup): Readonly<Record<string, unknown>> {
  return {
    tradeGroupName: group.name,
    tradeGroupId: group.id,
    createTime: group.createTime,
    updateTime: group.updateTime,
  };
}

function envelope({ serverTime }: SignedCall, data: unknown): unknown {
  return { data, code: 200, msg: "success", timestamp: serverTime };
}
