/** In code points, as PostgreSQL counts. */
export const noteCharsMax = 2_000

/** Normalises line ends and removes invisible characters; null if the text is empty or too long. */
export function parseNoteText(given: string): string | null {
  const text = given
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim()
  return text && [...text].length <= noteCharsMax ? text : null
}
