import { Refusal } from "./refusal.ts";
import { uidOf } from "./uid.ts";

export interface StrategyGroup {
  readonly id: string;
  readonly name: string;
  /** The account that made it, and belongs to it. */
  readonly account: string;
  readonly uids: readonly string[];
  readonly createTime: number;
  readonly updateTime: number;
}

const GROUPS_AN_ACCOUNT = 10;

/** Groups of accounts whose orders are kept from trading with one another. */
export class StrategyGroups {
  readonly #groups = new Map<string, StrategyGroup>();
  #last = 0;

  /** @throws Refusal for a name that is taken, and for an eleventh group */
  create(account: string, name: string, now: number): StrategyGroup {
    const own = this.list(account);
    if (own.some((group) => group.name === name)) throw new Refusal(33333, "Parameter error: tradeGroupName exists");
    if (own.length >= GROUPS_AN_ACCOUNT) throw new Refusal(33333, "Parameter error: too many groups");
    this.#last += 1;
    const group = { id: String(this.#last), name, account, uids: [], createTime: now, updateTime: now };
    this.#groups.set(group.id, group);
    return group;
  }

  list(account: string): readonly StrategyGroup[] {
    return [...this.#groups.values()].filter((group) => group.account === account);
  }

  /** @throws Refusal 22222 */
  remove(account: string, id: string): void {
    this.#groups.delete(this.#find(account, id).id);
  }

  /** @throws Refusal 22222 */
  addUids(account: string, id: string, uids: readonly string[], now: number): StrategyGroup {
    const group = this.#find(account, id);
    return this.#put({ ...group, uids: [...new Set([...group.uids, ...uids])], updateTime: now });
  }

  /** @throws Refusal 22222 */
  removeUids(account: string, id: string, uids: readonly string[], now: number): StrategyGroup {
    const group = this.#find(account, id);
    return this.#put({ ...group, uids: group.uids.filter((uid) => !uids.includes(uid)), updateTime: now });
  }

  /** Is there a group that both belong to? An account alone in a group is together with itself. */
  areTogether(one: string, other: string): boolean {
    return [...this.#groups.values()].some((group) => isIn(group, one) && isIn(group, other));
  }

  #find(account: string, id: string): StrategyGroup {
    const group = this.#groups.get(id);
    if (group?.account !== account) throw new Refusal(22222, "record does not exist");
    return group;
  }

  #put(group: StrategyGroup): StrategyGroup {
    this.#groups.set(group.id, group);
    return group;
  }
}

function isIn(group: StrategyGroup, account: string): boolean {
  return group.account === account || group.uids.includes(uidOf(account));
}
