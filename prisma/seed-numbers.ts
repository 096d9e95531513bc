/**
 * The iD of the seeded person number `index`, below ten million; no two are the same. Its check character is right, and
 * ORCID has never given it to anybody: it gives out base numbers 15 000 000 to 35 000 000 and 900 000 000 000 to
 * 900 100 000 000 only (`OrcidGenerationManager.java` in ORCID/ORCID-Source). Every tenth starts with 0009, as new iDs do.
 */
export function makeSeededOrcid(index: number): string {
  const scattered = String((index * 7_368_787 + 1_234_567) % 10_000_000).padStart(7, '0')
  const digits = `${index % 10 === 3 ? '00099800' : '00000098'}${scattered}`
  let total = 0
  for (const digit of digits) total = (total + Number(digit)) * 2
  const check = (12 - (total % 11)) % 11
  return `${digits}${check === 10 ? 'X' : check}`.replace(/(.{4})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4')
}

/** What the institution calls the seeded person number `index`, below ten million; no two are the same. */
export function makeSeededLocalId(index: number): string {
  return `u${String((index * 4_194_301 + 7_654_321) % 10_000_000).padStart(7, '0')}`
}

// Crockford's base 32, as of the portal's own references.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The reference of the seeded attempt number `index`, below 2^35; no two are the same. Starts with S. */
export function makeSeededReference(index: number): string {
  let rest = (BigInt(index) * 22_369_622_333n + 7_919n) % 2n ** 35n
  let text = ''
  for (let place = 0; place < 7; place++) {
    text += alphabet[Number(rest % 32n)]
    rest /= 32n
  }
  return `S${text.slice(0, 3)}-${text.slice(3)}`
}
