/** What this process keeps for its institution. Each module declares the fields that it keeps (`declare module`). */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled where each field belongs.
export interface Institution {}

const kept = globalThis as typeof globalThis & { concordInstitution?: Institution }

/**
 * The one institution of this process. It is on `globalThis` because Next.js bundles the instrumentation, the proxy and the
 * routes apart, each with modules of its own. Keep data and the objects of libraries: `instanceof` fails for an object of
 * ours that another bundle made, and for its errors.
 */
export function institution(): Institution {
  kept.concordInstitution ??= {}
  return kept.concordInstitution
}

/** What is kept under a name, made when it is first asked for. */
export function keep<Name extends keyof Institution>(
  name: Name,
  make: () => NonNullable<Institution[Name]>,
): NonNullable<Institution[Name]> {
  const known = institution()[name]
  if (known !== undefined && known !== null) return known
  const made = make()
  institution()[name] = made
  return made
}
