/** Characters that nobody sees or that turn the direction of what follows. */
const unseen = /(?![\u200c\u200d])[\p{Cf}\p{Cc}\u3164\u115f\u1160\uffa0\u2800]/gu
/** Some scripts need these in a name; alone they are nothing. */
const joining = /[\u200c\u200d]|\u034f|\p{Variation_Selector}/gu

/** A name without what nobody sees; null if that is all of it. */
export function visibleName(name: string | null): string | null {
  const visible = name?.replace(unseen, '').trim() ?? ''
  return visible.replace(joining, '').trim() ? visible : null
}
