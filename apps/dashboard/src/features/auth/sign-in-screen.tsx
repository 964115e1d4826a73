import { Link, useSearch } from '@tanstack/react-router'
import { signIn } from '@tocsin/contract/api/auth'
import { paths } from '../../paths.ts'
import { anonymous } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { Door, useEnter } from './door.tsx'

export function SignInScreen() {
  const enter = useEnter()
  const search = useSearch({ strict: false })
  const { form, errorOf, busy, problem } = useForm({
    endpoint: signIn,
    read: (data) => ({ email: text(data, 'email'), password: text(data, 'password') }),
    submit: (body) => anonymous.call(signIn, { body }),
    done: enter,
  })
  return (
    <Door
      title="Sign in"
      foot={
        <>
          New here?{' '}
          <Link to={paths.signUp} search={search}>
            Make an account
          </Link>
        </>
      }
    >
      <form {...form}>
        <TextField label="E-mail" name="email" type="email" autoComplete="username" error={errorOf('email')} />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" error={errorOf('password')} />
        {problem && <ProblemNote error={problem} />}
        <Button look="primary" type="submit" busy={busy}>
          Sign in
        </Button>
      </form>
    </Door>
  )
}
