import type { ReactNode } from 'react'

/** The main part of a page. The header and the footer take its width: 640, 960 or 1280 px. */
export function Page({ width = 'narrow', children }: { width?: 'narrow' | 'medium' | 'wide'; children: ReactNode }) {
  return (
    <main id="main" tabIndex={-1} data-width={width} className="shell flex-1 py-8 outline-none sm:py-12">
      {children}
    </main>
  )
}
