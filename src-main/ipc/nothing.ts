/** A handler without a result, whatever its action returns. */
export function nothing<A>(action: (args: A) => unknown): (args: A) => Promise<undefined> {
  return async (args) => {
    await action(args);
    return undefined;
  };
}
