import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { env } from '@/lib/env'

/** That ORCID's answer to the wish to permit less was lost for good, and what the person alone can do about it. */
export async function LostNarrowing({ at }: { at: Date }) {
  const t = await getTranslations('me')
  const { institution, orcid } = env()
  return (
    <Notice tone="warn">
      {t.rich('lost', {
        institution: institution.name,
        when: () => <When key="when" at={at} show="date" />,
        link: (words) => (
          <a key="link" href={`${orcid.issuer}/trusted-parties`}>
            {words}
          </a>
        ),
      })}
    </Notice>
  )
}
