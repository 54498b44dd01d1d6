"""The portal's pages, one module per room. They show and call actions; they hold no rules."""
