import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { Permission, PermissionList } from '@/app/_components/permission'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { parseReference } from '@/lib/crypto/secrets'
import { deriveConnection } from '@/lib/grants/grant'
import { listMyGrants } from '@/lib/grants/queries'
import { describeScopes } from '@/lib/texts/asked'

type Query = Record<'result' | 'ref', string | string[] | undefined>

const results = {
  narrowed: 'good',
  unchanged: 'plain',
} as const

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('narrowed'))('page'), robots: { index: false } }
}

/** What became of the wish to permit less, and what is permitted now. */
export default availablePage(async function NarrowedPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { actor } = await requireResearcher()
  const { result: asked, ref } = await searchParams
  const result = (Object.keys(results) as (keyof typeof results)[]).find((known) => known === asked) ?? 'unchanged'
  const t = await getTranslations('narrowed')
  const { liveScopes } = deriveConnection(await listMyGrants(actor))
  const permissions = await describeScopes(liveScopes)
  return (
    <OutcomePage
      tone={results[result]}
      title={t(`${result}.title`)}
      kept={t(`${result}.kept`)}
      next={t(`${result}.next`)}
      actions={[{ label: t('me'), href: '/me', look: 'primary' }]}
      reference={typeof ref === 'string' ? parseReference(ref) : null}
      supportEmail={env().institution.supportEmail}
    >
      {permissions.length > 0 ? (
        <section aria-labelledby="now" className="space-y-3">
          <h2 id="now">{t('now')}</h2>
          <PermissionList>
            {permissions.map(({ scope, title, explanation }) => (
              <Permission key={scope} title={title} explanation={explanation} />
            ))}
          </PermissionList>
        </section>
      ) : null}
    </OutcomePage>
  )
})
