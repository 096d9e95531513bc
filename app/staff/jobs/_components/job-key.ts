import { getTranslations } from 'next-intl/server'

/** Says what a job does; one of another version, by its name. */
export async function toJobKey(): Promise<(name: string) => string> {
  const t = await getTranslations('staff.jobs.names')
  return (name) => (t.has(name as 'sweep') ? t(name as 'sweep') : name)
}
