import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { isBuiltIn } from '@/lib/mail/mail-text'
import type { findOwnText } from '@/lib/mail/templates'
import type { TextDraft } from '@/lib/mail/text-drafts'

type Props = { template: string; own: Awaited<ReturnType<typeof findOwnText>>; draft: TextDraft | null }

/** Whose words these are, and whether they are saved. */
export async function TextState({ template, own, draft }: Props) {
  const t = await getTranslations('staff.mailTexts.edit')
  if (draft?.isOutdated) return <Notice tone="warn">{t('outdated')}</Notice>
  if (draft) return <Notice>{t('draft')}</Notice>
  if (!own) return <p className="note">{t(isBuiltIn(template) ? 'standard' : 'missing')}</p>
  return (
    <p className="note">
      {t.rich('changed', {
        when: () => <When key="when" at={own.changedAt} />,
        name: () => (
          <bdi key="name" translate="no">
            {own.changedBy.name ?? own.changedBy.orcid}
          </bdi>
        ),
      })}
    </p>
  )
}
