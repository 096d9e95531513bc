/** Process-wide state. Each module declares its fields (`declare module`). */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled where each field belongs.
export interface Institution {}

const kept = globalThis as typeof globalThis & { concordInstitution?: Institution }

/**
 * On `globalThis`, because Next.js bundles instrumentation, proxy and routes separately. Keep only data and objects of
 * libraries: `instanceof` fails for our own classes and errors from another bundle.
 */
export function institution(): Institution {
  kept.concordInstitution ??= {}
  return kept.concordInstitution
}

/** Creates the value at the first call. */
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
