const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

// What the Unicode list of regions has besides countries.
const others = new Set(['EU', 'EZ', 'UN', 'QO', 'ZZ', 'XA', 'XB', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA'])

/** Codes that were given up, or that people only say, stand for others: UK for GB. */
const isCurrent = (code: string) => new Intl.Locale(`und-${code}`).region === code

/** Whether a text is a country's code of ISO 3166-1 alpha-2 (or XK, as ORCID has it for Kosovo). */
export function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && !others.has(code) && names.of(code) !== undefined && isCurrent(code)
}
