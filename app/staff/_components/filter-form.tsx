'use client'

import Form from 'next/form'
import { type ChangeEvent, type ReactNode, useEffect, useRef } from 'react'

type Props = { action: string; className: string; children: ReactNode }

/**
 * A form that writes the filters into the address, once one is chosen; without script by its button. It sends no cursor:
 * the list begins anew.
 */
export function FilterForm({ action, className, children }: Props) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const goBack = () => form.current && showFilters(form.current, new URLSearchParams(location.search))
    addEventListener('popstate', goBack)
    return () => removeEventListener('popstate', goBack)
  }, [])
  const apply = ({ target, currentTarget }: ChangeEvent<HTMLFormElement>) => {
    if (isChosen(target) && currentTarget.checkValidity()) currentTarget.requestSubmit()
  }
  return (
    <Form
      ref={form}
      action={action}
      prefetch={false}
      scroll={false}
      onChange={apply}
      className={`no-print ${className}`}
    >
      {children}
    </Form>
  )
}

/** Text may go on; a date that is being typed is not valid yet. */
const isChosen = (target: unknown) =>
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLInputElement && ['checkbox', 'radio', 'date'].includes(target.type))

/** Fields keep what was chosen in them, also when the browser goes back to an address without it. */
function showFilters(form: HTMLFormElement, asked: URLSearchParams): void {
  for (const field of form.elements) {
    if (field instanceof HTMLSelectElement) {
      field.value = asked.get(field.name) ?? ''
      if (field.selectedIndex < 0) field.value = ''
    } else if (field instanceof HTMLInputElement && field.type === 'checkbox') {
      field.checked = asked.getAll(field.name).includes(field.value)
    } else if (field instanceof HTMLInputElement && field.type !== 'hidden') {
      field.value = asked.get(field.name) ?? ''
    }
  }
}
