/**
 * Loads a package of test/peers/package.json. The name is a value and not a literal, so that the compiler and the
 * boundaries need not have the package: only `npm run test:peers` and `npm run bench` install it.
 *
 * @typeParam T what the caller uses of the package, written down by the caller.
 */
export async function loadPeer<T>(name: string): Promise<T> {
  const loaded = (await import(/* @vite-ignore */ name)) as { readonly default: T };
  return loaded.default;
}
