import { getTranslations } from 'next-intl/server'
import * as asked from '@/lib/texts/asked'
import { scopeKey } from '@/lib/texts/text'

/** Granted scopes in words, said about somebody else. */
export async function describeScopes(scopes: readonly string[]): Promise<asked.DescribedScope[]> {
  const t = await getTranslations('staff')
  return (await asked.describeScopes(scopes)).map((described) => {
    const key = scopeKey(described.scope)
    return t.has(`scopes.${key}`) ? { ...described, title: t(`scopes.${key}`) } : described
  })
}
