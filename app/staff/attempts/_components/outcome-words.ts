import { getTranslations } from 'next-intl/server'
import { type OutcomeName, outcomeGroups, outcomesOf } from '@/lib/attempts/schema'

/** What an outcome, or several together, is called. */
export async function getOutcomeWords(): Promise<(name: OutcomeName) => string> {
  const t = await getTranslations('staff')
  return (name) => {
    const group = outcomeGroups.find((each) => each === name)
    return group
      ? t(`attempts.groups.${group}`)
      : outcomesOf(name)
          .map((each) => t(`person.outcomes.${each}`))
          .join()
  }
}
