"""The pages of the people who keep the register: parse with a form, call one action, answer."""
