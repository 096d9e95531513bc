import { getTranslations } from 'next-intl/server'
import type { SystemRight } from '@/lib/actor'
import { rightKey } from '@/lib/texts/text'

/** What a right is called on the pages of staff. */
export async function getRightWords(): Promise<(right: string) => string> {
  const t = await getTranslations('staff.systems.rights')
  return (right) => {
    const key = rightKey(right as SystemRight)
    return t.has(key) ? t(key) : right
  }
}

export const systemNotes = ['saved', 'made', 'stopped', 'started', 'revoked', 'shown-once', 'gone'] as const

export const noteOf = (said: string | null) => systemNotes.find((one) => one === said) ?? null
