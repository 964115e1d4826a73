import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'primary' | 'plain' | 'quiet' | 'danger'
  icon?: IconName
  /** What it does is under way: it cannot be pressed again, and says so. */
  busy?: boolean
  children: ReactNode
}

export function Button({ look = 'plain', icon, busy = false, children, type = 'button', disabled, ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} className="button" data-look={look} disabled={disabled || busy} aria-busy={busy || undefined}>
      {busy ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  )
}
