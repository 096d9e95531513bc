import type { Env } from '@/lib/config/env'

// `--accent-ink` in app/_theme/tokens.css.
const inks = { light: '#ffffff', dark: '#0e1620' }

/** A square SVG with the initials of the institution on its accent, for one without a logo. */
export function drawMonogram({ name, accent }: Env['institution'], theme: 'light' | 'dark'): string {
  const initials = findInitials(name)
  const size = initials.length > 1 ? 28 : 36
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="${accent[theme]}"/><text x="32" y="33" fill="${inks[theme]}" font-family="Inter, system-ui, sans-serif" font-size="${size}" font-weight="600" text-anchor="middle" dominant-baseline="central">${initials}</text></svg>`
}

/** Two capitals, or the first letter where the script has none: joined letters of Arabic would read as a word. */
export function findInitials(name: string): string {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? []
  const firsts = words.map((word) => [...new Intl.Segmenter().segment(word)][0]?.segment ?? '')
  const capitals = firsts.filter((letter) => /^\p{Lu}/u.test(letter))
  if (capitals.length > 0) return capitals.slice(0, 2).join('')
  return firsts[0]?.toUpperCase() ?? ''
}
