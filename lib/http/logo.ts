import 'server-only'
import { createHash } from 'node:crypto'
import { type Env, env } from '@/lib/config/env'
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

const versions = new WeakMap<Env, string>()

/** Another one for another logo, so that browsers do not keep the former one. */
export function getLogoVersion(): string {
  const known = versions.get(env())
  if (known) return known
  const hash = createHash('sha256').update(getLogo('light').bytes).update(getLogo('dark').bytes)
  const version = hash.digest('hex').slice(0, 8)
  versions.set(env(), version)
  return version
}

/** What the component of the logo has to know. */
export function getLogoProps() {
  const { logo, logoDark } = env().institution
  return { ratio: getLogo('light').ratio, hasDark: !logo || Boolean(logoDark), version: getLogoVersion() }
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
