'use client'

import Form from 'next/form'
import type { ChangeEvent, ReactNode } from 'react'

type Props = { action: string; className: string; children: ReactNode }

/**
 * A form that writes the filters into the address, once one is chosen; without script by its button. It sends no cursor:
 * the list begins anew.
 */
export function FilterForm({ action, className, children }: Props) {
  const apply = ({ target, currentTarget }: ChangeEvent<HTMLFormElement>) => {
    if (isChosen(target) && currentTarget.checkValidity()) currentTarget.requestSubmit()
  }
  return (
    <Form action={action} prefetch={false} scroll={false} onChange={apply} className={`no-print ${className}`}>
      {children}
    </Form>
  )
}

/** Text may go on; a date that is being typed is not valid yet. */
const isChosen = (target: unknown) =>
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLInputElement && ['checkbox', 'radio', 'date'].includes(target.type))
