import { renderToStaticMarkup } from 'next/dist/compiled/react-dom/server.node.js'
import type { ReactNode } from 'react'

/**
 * HTML of an element. React's own renderer refuses to be loaded under the condition `react-server`, which Next.js, the
 * worker and every command run with; the copy that Next.js has of it is at a path without conditions, for all of them.
 */
export const toMarkup: (element: ReactNode) => string = renderToStaticMarkup
