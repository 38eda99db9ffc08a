"""Installing Latent Studio on the machine at hand; standard library only, since nothing is installed yet."""
