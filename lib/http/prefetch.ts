const prefetchHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/** True if the browser asks ahead of a visit that may never come. */
export const isPrefetch = (headers: Headers) =>
  prefetchHeaders.some((name) => /prefetch|preview/i.test(headers.get(name) ?? ''))

/** Downloads, redirects, and pages that write when they are shown: `requireVisit` would refuse to prefetch those. */
const notAhead = [
  '/api/*',
  '/sign-in*',
  '/connect/*',
  '/me*',
  '/staff/*/export*',
  '/staff/import/template*',
  '/staff/import/refused*',
  '/staff/attempts/*',
  '/staff/researchers/*',
  '/*\\?*subject=*',
]

/** Chromium prefetches the other links while they are hovered: https://developer.mozilla.org/en-US/docs/Web/API/Speculation_Rules_API */
export const speculationRules = JSON.stringify({
  prefetch: [
    {
      where: { and: [{ href_matches: '/*' }, { not: { href_matches: notAhead } }] },
      eagerness: 'moderate',
    },
  ],
})
