const minuteMs = 60_000
const hourMs = 60 * minuteMs

/**
 * How long a session lives, in milliseconds: at most, and without a request. Which of the two rows counts is decided at
 * each request by the role that the person has then.
 */
export const sessionLimits = {
  researcher: { absoluteMs: 12 * hourMs, idleMs: 12 * hourMs },
  staff: { absoluteMs: 8 * hourMs, idleMs: 30 * minuteMs },
}

/** How long a cookie or a row may be of any use: the longest of the limits. */
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

/**
 * A browser in a few words out of closed lists, `Firefox · Linux`, and empty where neither is known. Versions and
 * models, which would tell one person from another, are not kept.
 */
export function nameBrowser(userAgent: string | null): string {
  const find = (list: [string, RegExp][]) => list.find(([, pattern]) => pattern.test(userAgent ?? ''))?.[0]
  return [find(browsers), find(systems)].filter(Boolean).join(' · ')
}
