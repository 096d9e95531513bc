import { getTranslations } from 'next-intl/server'
import { CopyField } from '@/app/staff/_components/copy-field'
import { Explained, Section } from '@/app/staff/try/_components/section'
import type { ShownTrial } from '@/lib/trials/queries'

/** The authorization URL, and what each of its parameters is for. */
export async function UrlStep({ url }: { trial: ShownTrial; url: string }) {
  const t = await getTranslations('try')
  const { origin, pathname, searchParams } = new URL(url)
  return (
    <Section id="url" title={t('url.title')} lead={t('url.made')}>
      <CopyField label={t('url.label')} value={url} copy={t('copy')} copied={t('copied')} />
      <p className="max-w-none">
        <code className="[overflow-wrap:anywhere]" translate="no">
          {url}
        </code>
      </p>
      <Explained
        label={t('url.parameters')}
        rows={[
          { name: pathname, value: `${origin}${pathname}`, meaning: t('parameters.endpoint') },
          ...[...searchParams].map(([name, value]) => ({
            name,
            value,
            meaning: t.has(`parameters.${name}`) ? t(`parameters.${name}`) : '',
          })),
        ]}
      />
      <p className="no-print">
        <a href="/staff/try">{t('startAgain')}</a>
      </p>
    </Section>
  )
}
