const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Each request applies the limits of the person's current role. */
export const sessionLimits = {
  researcher: { absoluteMs: 12 * hourMs, idleMs: 12 * hourMs },
  staff: { absoluteMs: 8 * hourMs, idleMs: 30 * minuteMs },
}

/** Lifetime of cookies and rows: the longest limit. */
export const sessionLifetimeMs = sessionLimits.researcher.absoluteMs

const browsers: [string, RegExp][] = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\b(OPR|Opera)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS|Chromium|HeadlessChrome)\//],
  ['Safari', /\bVersion\/[\d.]+ .*Safari\//],
]
const systems: [string, RegExp][] = [
  ['iOS', /\b(iPhone|iPad|iPod)\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
]

/** Longer ones exist, but say nothing more, and searching 60 kB takes seconds. */
const userAgentCharsMax = 500

/** Returns `Firefox · Linux` or ''. Versions and models would identify people, so they are dropped. */
export function nameBrowser(userAgent: string | null): string {
  const text = userAgent?.slice(0, userAgentCharsMax) ?? ''
  const find = (list: [string, RegExp][]) => list.find(([, pattern]) => pattern.test(text))?.[0]
  return [find(browsers), find(systems)].filter(Boolean).join(' · ')
}
