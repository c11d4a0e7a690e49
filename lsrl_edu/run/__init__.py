"""Running networks in torch, batch first."""
