const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

// Regions in Unicode's list that are no countries.
const others = new Set(['EU', 'EZ', 'UN', 'QO', 'ZZ', 'XA', 'XB', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA'])

/** Rejects former and colloquial codes, which stand for others: UK for GB. */
const isCurrent = (code: string) => new Intl.Locale(`und-${code}`).region === code

/** Accepts ISO 3166-1 alpha-2, and XK, ORCID's code for Kosovo. */
export function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !others.has(code) && names.of(code) !== undefined && isCurrent(code)
}
