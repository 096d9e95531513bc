import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { isBuiltIn } from '@/lib/mail/mail-text'
import { findTemplateUse, type MailTemplate } from '@/lib/mail/templates'

type Props = { template: MailTemplate; locale: string; hasOwnText: boolean }

/** What is done less often: begin again from the standard text, make a copy, delete. */
export async function MoreForms({ template: { key }, locale, hasOwnText }: Props) {
  const t = await getTranslations('staff.mailTexts')
  return (
    <div className="no-print space-y-3 border-line border-t pt-6">
      <p>
        <a
          href={`/staff/campaigns/texts?${new URLSearchParams({ from: key })}#make`}
          className="inline-flex min-h-8 items-center"
        >
          {t('copy')}
        </a>
      </p>
      {hasOwnText ? (
        <details>
          <summary className="inline-flex min-h-8 items-center text-accent underline">{t('reset.title')}</summary>
          <SureForm
            action="/staff/campaigns/texts/reset"
            fields={{ template: key, locale }}
            means={t('reset.means')}
            sure={t('reset.sure')}
            button={t('reset.button')}
          />
        </details>
      ) : null}
      {isBuiltIn(key) ? null : <Removal template={key} />}
    </div>
  )
}

async function Removal({ template }: { template: string }) {
  const t = await getTranslations('staff.mailTexts.remove')
  const { campaigns, hasWaitingMail } = await findTemplateUse(template)
  return (
    <details>
      <summary className="inline-flex min-h-8 items-center text-accent underline">{t('title')}</summary>
      {campaigns.length > 0 ? (
        <div className="card card-small mt-1">
          <p>{t('used')}</p>
          <ul className="list-disc ps-5">
            {campaigns.map(({ id, name }) => (
              <li key={id}>
                <a href={`/staff/campaigns/${id}`} translate="no" className="inline-flex min-h-8 items-center">
                  <bdi>{name}</bdi>
                </a>
              </li>
            ))}
          </ul>
        </div>
      ) : hasWaitingMail ? (
        <p className="card card-small mt-1">{t('waiting')}</p>
      ) : (
        <SureForm
          action="/staff/campaigns/texts/removal"
          fields={{ template }}
          means={t('means')}
          sure={t('sure')}
          button={t('button')}
        />
      )}
    </details>
  )
}

type SureProps = {
  action: string
  fields: Record<string, string>
  means: ReactNode
  sure: ReactNode
  button: ReactNode
}

function SureForm({ action, fields, means, sure, button }: SureProps) {
  return (
    <form method="post" action={action} className="card card-small mt-1 max-w-[34rem] space-y-3">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <p>{means}</p>
      <ConfirmCheckbox>{sure}</ConfirmCheckbox>
      <button type="submit" className="btn btn-quiet">
        {button}
      </button>
    </form>
  )
}
