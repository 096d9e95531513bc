const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const form = /^(?:https?:\/\/)?(?:www\.)?(?:ror\.org\/)?(0[a-hj-km-np-tv-z0-9]{6}\d{2})\/?$/i

/** Returns `https://ror.org/0…` or null. Check digits: ISO 7064 MOD 97-10 (https://ror.readme.io/docs/identifier). */
export function parseRor(text: string): string | null {
  const id = form.exec(text.trim())?.[1]?.toLowerCase()
  if (!id) return null
  let number = 0n
  for (const character of id.slice(0, 7)) number = number * 32n + BigInt(alphabet.indexOf(character))
  const check = 98n - ((number * 100n) % 97n)
  return Number(id.slice(7)) === Number(check) ? `https://ror.org/${id}` : null
}
