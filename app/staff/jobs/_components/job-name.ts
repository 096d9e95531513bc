import { getTranslations } from 'next-intl/server'
import type messages from '@/messages/en.json'

type JobName = keyof (typeof messages)['staff']['jobs']['names']

/** Says what a job does; one of another version, by its name. */
export async function getJobNames(): Promise<(name: string) => string> {
  const t = await getTranslations('staff.jobs')
  return (name) => {
    const known = name as JobName
    return t.has(`names.${known}`) ? t(`names.${known}`) : name
  }
}
