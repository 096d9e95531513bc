/** Without characters that nobody sees or that turn the direction; null if nothing else is in it. Some scripts need the joiners. */
export function visibleName(name: string | null): string | null {
  const visible = name?.replace(/(?![\u200c\u200d])[\p{Cf}\p{Cc}\u034f\u3164\u115f\u1160\uffa0\u2800]/gu, '').trim()
  return visible?.replace(/[\u200c\u200d]/g, '') ? (visible ?? null) : null
}
