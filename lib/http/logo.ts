import 'server-only'
import { env } from '@/lib/config/env'
import type { Logo } from '@/lib/config/logo'
import { drawMonogram } from '@/lib/config/monogram'

// A tab is a square of 16 pixels, in which a wide logo is a line.
const tabRatioMax = 1.5

/** The institution's logo, or its monogram. */
export function getLogo(theme: 'light' | 'dark'): Logo {
  const { institution } = env()
  const { logo, logoDark } = institution
  return (theme === 'dark' ? (logoDark ?? logo) : logo) ?? getMonogram(theme)
}

/** The logo where it can be recognised in a tab, else the monogram. */
export function getTabIcon(): Logo {
  const logo = getLogo('light')
  return logo.ratio <= tabRatioMax && logo.ratio >= 1 / tabRatioMax ? logo : getMonogram('light')
}

/** Whether a link preview shows anything. */
export const hasLinkPreview = () => Boolean(env().institution.logo) || canWriteName()

/** Whether the font that Next.js brings has all letters of the name. It would load others from Google. */
export const canWriteName = () => /^[ -~¡-¬®-ēĖ-īĮ-ķĹ-ľŁ-ňŊ-ōŐ-žȘ-ț–—‘’“”]*$/.test(env().institution.name)

function getMonogram(theme: 'light' | 'dark'): Logo {
  return { type: 'image/svg+xml', bytes: Buffer.from(drawMonogram(env().institution, theme)), ratio: 1 }
}
