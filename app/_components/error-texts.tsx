'use client'

import { createContext, type ReactNode, useContext } from 'react'

export type ErrorWords = {
  title: string
  kept: string
  retry: string
  home: string
  staff: string
  reference: string
  questions: string
  supportEmail: string
}

const Texts = createContext<ErrorWords | null>(null)

/**
 * Hands the error page its words. It has to be a client component, and the words are all that it needs: next-intl's own
 * provider would send its formatter to every browser for a page that hardly anybody sees.
 */
export function ErrorTexts({ texts, children }: { texts: ErrorWords; children: ReactNode }) {
  return <Texts value={texts}>{children}</Texts>
}

export const useErrorTexts = () => useContext(Texts)
