/** Null if unknown. */
export type InstitutionDetails = { department: string | null; localId: string | null }

export const detailCharsMax = 200

/** Normalises to one line and cuts at the limit; null if nothing is left. */
export function parseDetail(given: string): string | null {
  const text = given
    .normalize('NFC')
    .replace(/(?![\u200c\u200d])[\p{Cf}\p{Cs}]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return [...text].slice(0, detailCharsMax).join('').trimEnd() || null
}
