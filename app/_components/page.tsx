import type { ReactNode } from 'react'

type Props = {
  width?: 'narrow' | 'medium' | 'wide'
  /** Less room above, so that more stands on the first screen. */
  isTight?: boolean
  /** Ways to other pages, which who skips to the content passes over. */
  beside?: ReactNode
  children: ReactNode
}

const rooms = { usual: 'py-8 sm:py-12', tight: 'py-4 sm:py-10', staff: 'pt-4 pb-8 sm:py-8' }

/** The main part of a page. The header and the footer take its width: 640, 960 or 1280 px. */
export function Page({ width = 'narrow', isTight = false, beside, children }: Props) {
  const main = (
    <main id="main" tabIndex={-1} className="min-w-0 outline-none">
      {children}
    </main>
  )
  return (
    <div data-width={width} className={`shell flex-1 ${beside ? rooms.staff : isTight ? rooms.tight : rooms.usual}`}>
      {beside ? (
        <div className="grid items-start gap-x-10 gap-y-3 lg:grid-cols-[11rem_minmax(0,1fr)]">
          {beside}
          {main}
        </div>
      ) : (
        main
      )}
    </div>
  )
}
