import { PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { DepartmentField } from './DepartmentField.tsx';
import { takesLogin } from './form-model.ts';
import { KeyPicker } from './KeyPicker.tsx';
import { generatePassword, passwordStrength } from './password.ts';
import { fieldError, type SectionProps } from './section-props.ts';

const STRENGTH = ['', 'Weak', 'Fair', 'Good'] as const;

type PasswordProps = SectionProps & { secretKept: boolean };

function PasswordField({ form, findings, patch, secretKept }: PasswordProps) {
  const [visible, setVisible] = useState(false);
  const level = passwordStrength(form.password);
  const generate = () => {
    patch({ password: generatePassword() });
    setVisible(true);
  };
  return (
    <div>
      <PasswordInput
        label="Password"
        placeholder={secretKept ? 'Kept from the last attempt' : ''}
        autoComplete="new-password"
        value={form.password}
        visible={visible}
        onVisibilityChange={setVisible}
        visibilityToggleButtonProps={{
          'aria-label': visible ? 'Hide the password' : 'Show the password',
          tabIndex: 0,
        }}
        error={form.password === '' ? null : fieldError(findings, 'password')}
        onChange={(event) => patch({ password: event.currentTarget.value })}
        data-testid="password"
        autoFocus
      />
      <div className="strength">
        <span className="strength-dots" data-level={level} aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <span aria-live="polite">{STRENGTH[level]}</span>
        <button type="button" className="link-button" onClick={generate}>
          Generate
        </button>
      </div>
    </div>
  );
}

/** Who the machine is and who logs in to it. */
export function IdentitySection(props: PasswordProps) {
  const { form, template, findings, patch } = props;
  const login = takesLogin(template);
  return (
    <section className="card card-pad" aria-label="Name and login">
      <div className="fields">
        <TextInput
          className={login ? 'wide' : ''}
          label="Name"
          value={form.name}
          error={fieldError(findings, 'name')}
          maxLength={256}
          spellCheck={false}
          onChange={(event) => patch({ name: event.currentTarget.value })}
          onFocus={(event) => event.currentTarget.select()}
          autoFocus={!login}
          data-testid="name"
        />
        <DepartmentField {...props} />
        {login ? (
          <>
            <TextInput
              label="User"
              value={form.user}
              error={fieldError(findings, 'user')}
              maxLength={64}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => patch({ user: event.currentTarget.value })}
              data-testid="user"
            />
            <PasswordField {...props} />
            <KeyPicker {...props} />
          </>
        ) : null}
      </div>
    </section>
  );
}
