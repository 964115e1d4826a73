import { Link, useSearch } from '@tanstack/react-router'
import { signUp } from '@tocsin/contract/api/auth'
import { paths } from '../../paths.ts'
import { anonymous } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { Door, useEnter } from './door.tsx'

export function SignUpScreen() {
  const enter = useEnter()
  const search = useSearch({ strict: false })
  const { form, errorOf, busy, problem } = useForm({
    endpoint: signUp,
    read: (data) => ({
      name: text(data, 'name'),
      email: text(data, 'email'),
      password: text(data, 'password'),
      orgName: text(data, 'orgName'),
    }),
    submit: (body) => anonymous.call(signUp, { body }),
    done: enter,
  })
  return (
    <Door
      title="Make an account"
      foot={
        <>
          Already have one?{' '}
          <Link to={paths.signIn} search={search}>
            Sign in
          </Link>
        </>
      }
    >
      <form {...form}>
        <TextField label="Your name" name="name" autoComplete="name" error={errorOf('name')} />
        <TextField label="E-mail" name="email" type="email" autoComplete="username" error={errorOf('email')} />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="Ten characters or more. A few words are easier to keep than one with tricks."
          error={errorOf('password')}
        />
        <TextField label="Organisation (optional)" name="orgName" autoComplete="organization" error={errorOf('orgName')} />
        {problem && <ProblemNote error={problem} />}
        <Button look="primary" type="submit" busy={busy}>
          Make an account
        </Button>
      </form>
    </Door>
  )
}
