/** Process-wide state. Each module declares its fields (`declare module`). */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled where each field belongs.
export interface Institution {}

const globals = globalThis as typeof globalThis & { concordInstitution?: Institution }

/**
 * On `globalThis`, because Next.js bundles instrumentation, proxy and routes separately. Keep only data and objects of
 * libraries: `instanceof` fails for our own classes and errors from another bundle.
 */
export function institution(): Institution {
  globals.concordInstitution ??= {}
  return globals.concordInstitution
}

/** Creates the value at the first call. */
export function keep<Name extends keyof Institution>(
  name: Name,
  make: () => NonNullable<Institution[Name]>,
): NonNullable<Institution[Name]> {
  const existing = institution()[name]
  if (existing !== undefined && existing !== null) return existing
  const value = make()
  institution()[name] = value
  return value
}
