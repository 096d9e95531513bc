/** How something is filled: what differs has a texture of its own, so that nobody has to tell colours apart. */
export type Look = 'full' | 'hatched' | 'dotted'

export const looks: Record<Look, { fill: string; className: string }> = {
  full: { fill: 'var(--accent)', className: 'look' },
  hatched: { fill: 'url(#hatched)', className: 'look look-outlined' },
  dotted: { fill: 'url(#dotted)', className: 'look look-outlined' },
}

/** Once on a page: what the textures of its charts are made of. */
export function Patterns() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true">
      <defs>
        <pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2.5" height="6" fill="var(--accent)" />
        </pattern>
        <pattern id="dotted" width="5" height="5" patternUnits="userSpaceOnUse">
          <circle cx="2.5" cy="2.5" r="1.1" fill="var(--accent)" />
        </pattern>
      </defs>
    </svg>
  )
}

/** What a texture stands for. */
export function Key({ look, children }: { look: Look; children: string }) {
  return (
    <li className="inline-flex items-center gap-2">
      <svg width="20" height="12" aria-hidden="true">
        <rect x="0.5" y="0.5" width="19" height="11" {...looks[look]} />
      </svg>
      {children}
    </li>
  )
}
